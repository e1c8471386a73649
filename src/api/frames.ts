/** Reads the frames of an answer. */
import { type DataFrame, type Field } from '@grafana/data';

/** A frame of an answer by its name. */
export const frameOf = (answer: { frames: DataFrame[] } | undefined, name: string) =>
  answer?.frames.find((frame) => frame.name === name);

export const fieldOf = (frame: DataFrame, name: string) => frame.fields.find((field) => field.name === name);

/** A value of a frame; undefined where there is none. */
export const valueOf = <T>(frame: DataFrame, name: string, row = 0): T | undefined =>
  fieldOf(frame, name)?.values[row] ?? undefined;

/** A field's name for people. */
export const nameOf = ({ name, config }: Field) => config.displayName ?? config.displayNameFromDS ?? name;
