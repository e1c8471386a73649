import { type AttributeType, type Table } from '../../query/types.gen';
import { t } from '../../text';

export const tablePath = (name: string) => `tables/${encodeURIComponent(name)}`;

/** How a table knows its users: "e_mail = e-mail". */
export const keyText = ({ key, identity }: Pick<Table, 'key' | 'identity'>) =>
  t('tables.keyOf', { column: key, identity: t(`tables.identity.${identity}`) });

/** Columns are of numbers or of text. */
export const typeText = (type: AttributeType) => t(type === 'number' ? 'tables.type.number' : 'tables.type.text');
