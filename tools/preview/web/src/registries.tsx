/** The lists that Grafana's core fills and its published packages read: without them no unit, link or option counts. */
import * as data from '@grafana/data';

const Nothing = () => null;

const EDITORS =
  'text number slider boolean select multi-select radio color fieldColor unit links actions mappings thresholds ' +
  'statsPicker strings timezone fieldName dashboard-uid';

const FIELD_OPTIONS = {
  displayName: data.displayNameOverrideProcessor,
  description: data.stringOverrideProcessor,
  unit: data.unitOverrideProcessor,
  min: data.numberOverrideProcessor,
  max: data.numberOverrideProcessor,
  fieldMinMax: data.booleanOverrideProcessor,
  decimals: data.numberOverrideProcessor,
  noValue: data.displayNameOverrideProcessor,
  color: data.identityOverrideProcessor,
  mappings: data.valueMappingsOverrideProcessor,
  links: data.dataLinksOverrideProcessor,
  thresholds: data.thresholdsOverrideProcessor,
  filterable: data.booleanOverrideProcessor,
};

/** A field option without an editor, as panels declare their own too. */
export const fieldOption = (path: string, process: unknown = data.identityOverrideProcessor) =>
  ({ id: path, path, name: path, editor: Nothing, override: Nothing, process, shouldApply: () => true }) as never;

export function fillRegistries() {
  data.standardEditorsRegistry.setInit(() => EDITORS.split(' ').map((id) => ({ id, name: id, editor: Nothing })));
  data.standardFieldConfigEditorRegistry.setInit(() =>
    Object.entries(FIELD_OPTIONS).map(([path, process]) => fieldOption(path, process))
  );
  // Two of the names stand for one transformer.
  const transformers = new Map(Object.values(data.standardTransformers).map((one) => [one.id, one]));
  data.standardTransformersRegistry.setInit(() =>
    [...transformers.values()].map((one) => ({
      ...{ id: one.id, name: one.name, editor: Nothing, imageDark: '', imageLight: '' },
      transformation: () => Promise.resolve(one as never),
    }))
  );
}
