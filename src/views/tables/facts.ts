import { type AttributeType, type Table } from '../../query/types.gen';
import { t } from '../../text';

export const tablePath = (name: string) => `tables/${encodeURIComponent(name)}`;

/** What tells users in every store. */
export const IDENTITIES = ['usr.id', 'usr.email', 'usr.name'] as const;

/** Otherwise it is an attribute of this store's users. */
export const isOfEveryStore = (identity: string): identity is (typeof IDENTITIES)[number] =>
  IDENTITIES.some((known) => known === identity);

/** What a key is, in words: "e-mail", or the name of an attribute. */
export const identityText = (identity: string) =>
  isOfEveryStore(identity) ? t(`tables.identity.${identity}`) : identity;

/** How a table knows its users: "e_mail = e-mail". */
export const keyText = ({ key, identity }: Pick<Table, 'key' | 'identity'>) =>
  t('tables.keyOf', { column: key, identity: identityText(identity) });

/** Columns are of numbers or of text. */
export const typeText = (type: AttributeType) => t(type === 'number' ? 'tables.type.number' : 'tables.type.text');
