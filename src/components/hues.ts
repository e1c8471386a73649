import { type GrafanaTheme2 } from '@grafana/data';

/** Colours that are seen in both themes. */
const HUES = ['green', 'yellow', 'blue', 'orange', 'red', 'purple'];

/** The same colour for the same text always. */
export const hueOf = (text: string, { visualization }: GrafanaTheme2, hues = HUES) =>
  visualization.getColorByName(hues[hash(text) % hues.length]);

function hash(text: string): number {
  return [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)!) >>> 0, 7);
}
