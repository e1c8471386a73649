import { attributeNamed } from '../query/attributes';
import { type Attribute } from '../query/types.gen';
import { t } from '../text';

import { formatCount } from './numbers';

export const usersText = (total: number) =>
  total === 1 ? t('count.one') : t('count.all', { total: formatCount(total) });

export const sessionsText = (total: number) =>
  total === 1 ? t('user.oneSession') : t('user.someSessions', { count: formatCount(total) });

/** How many have a value of an attribute: users where it is about them, else sessions. */
export const holdersText = (total: number, attribute: string, attributes: Attribute[]) =>
  (attributeNamed(attribute, attributes)?.level === 'profile' ? usersText : sessionsText)(total);
