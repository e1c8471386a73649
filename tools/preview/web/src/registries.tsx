/** The lists that Grafana's core fills and its published packages read: without them no unit, link or option counts. */
import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  type FieldConfigPropertyItem,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const Nothing = () => null;

const EDITORS = [
  ...['text', 'number', 'slider', 'boolean', 'select', 'multi-select', 'radio', 'color', 'fieldColor', 'unit', 'links'],
  ...['actions', 'mappings', 'thresholds', 'statsPicker', 'strings', 'timezone', 'fieldName', 'dashboard-uid'],
];

const FIELD_OPTIONS: Array<[path: string, process: unknown]> = [
  ['displayName', displayNameOverrideProcessor],
  ['description', stringOverrideProcessor],
  ['unit', unitOverrideProcessor],
  ['min', numberOverrideProcessor],
  ['max', numberOverrideProcessor],
  ['fieldMinMax', booleanOverrideProcessor],
  ['decimals', numberOverrideProcessor],
  ['noValue', displayNameOverrideProcessor],
  ['color', identityOverrideProcessor],
  ['mappings', valueMappingsOverrideProcessor],
  ['links', dataLinksOverrideProcessor],
  ['thresholds', thresholdsOverrideProcessor],
  ['filterable', booleanOverrideProcessor],
];

export function fillRegistries() {
  standardEditorsRegistry.setInit(() => EDITORS.map((id) => ({ id, name: id, editor: Nothing })));
  standardFieldConfigEditorRegistry.setInit(() =>
    FIELD_OPTIONS.map(
      ([path, process]) =>
        ({
          ...{ id: path, path, name: path, editor: Nothing, override: Nothing, process },
          shouldApply: () => true,
        }) as unknown as FieldConfigPropertyItem
    )
  );
  // Two of the names stand for one transformer.
  const transformers = new Map(Object.values(standardTransformers).map((one) => [one.id, one]));
  standardTransformersRegistry.setInit(() =>
    [...transformers.values()].map((one) => ({
      ...{ id: one.id, name: one.name, editor: Nothing, imageDark: '', imageLight: '' },
      transformation: () => Promise.resolve(one as never),
    }))
  );
}
