import { parseBegun } from '../../audience/clause';
import { type Missing } from '../../conditions/missing';
import { type Row } from '../../conditions/tree';
import { arity } from '../../query/attributes';
import { t } from '../../text';

/** The label of the field in which a condition lacks something. */
export function missingField(row: Row, { what, step }: Missing): string {
  const event = step ? t('builder.step', { n: step }) : t('builder.event');
  switch (what) {
    case 'attribute':
      return t('builder.attribute');
    case 'segment':
      return t('builder.segment');
    case 'table':
      return t('builder.table');
    case 'value': {
      const begun = row.kind === 'users' ? parseBegun(row.filter) : undefined;
      return t(begun && arity(begun.operator) === 'one' ? 'builder.value' : 'builder.values');
    }
    case 'any':
      return t('builder.where', { label: event });
    default:
      return t('builder.which', { label: event });
  }
}
