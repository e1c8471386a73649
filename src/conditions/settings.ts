/** What a definition says besides its conditions: whom members bring along, who counts at all, and how dates are read. */
import { type Attribute, type SegmentDefinition } from '../query/types.gen';

export type Settings = Omit<SegmentDefinition, 'where'>;

/** Members are those who match, and nobody else. */
export const ALONE = 'usr.id';

const ALSO_ALONE = [ALONE, 'user_id'];

/** The zone of definitions that name none. */
export const DEFAULT_ZONE = 'UTC';

export function settingsOf({ identity, includeAnonymous, timeZone }: Settings): Settings {
  return said({ identity, includeAnonymous, timeZone });
}

/** The settings with some of them changed; what says nothing is not in the definition. */
export const withSettings = (settings: Settings, changed: Settings): Settings => said({ ...settings, ...changed });

const said = ({ identity, includeAnonymous, timeZone }: Settings): Settings => ({
  ...(identity && !ALSO_ALONE.includes(identity) && { identity }),
  ...(includeAnonymous && { includeAnonymous }),
  ...(timeZone && { timeZone }),
});

/** What members can share, by name: an e-mail, a name, or an attribute of one's own. */
export function identities(attributes: Attribute[], chosen: string | undefined): string[] {
  const own = attributes.filter(({ id, level }) => level === 'profile' && id.startsWith('usr.')).map(({ id }) => id);
  return [...new Set(['usr.email', 'usr.name', ...own, ...(chosen ? [chosen] : [])])];
}
