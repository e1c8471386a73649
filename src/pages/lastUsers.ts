/** Where users were listed last in this browser's window, and how that was left: a user's page leads back to it. */
import { usersPage } from '../address';
import { t } from '../text';

const KEY = 'footfall.users.left';

interface Left {
  uid: string;
  /** Of the list of users; or the page of a segment. */
  parameters?: string[][];
  segment?: WayBack;
}

export interface WayBack {
  href: string;
  text: string;
}

/** Keeps what the address of a datasource's list said. */
export const leaveUsers = (uid: string, parameters: string[][]) => leave({ uid, parameters });

/** Keeps the page of a segment, saved or not, on which users are named. */
export const leaveSegment = (uid: string, segment: WayBack) => leave({ uid, segment });

const leave = (left: Left) => sessionStorage.setItem(KEY, JSON.stringify(left));

/** Where one came from; the whole list where that is not known, or was another datasource's. */
export function wayBack(uid: string): WayBack {
  try {
    const left: Left | null = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    const { parameters = [], segment }: Partial<Left> = left?.uid === uid ? left : {};
    return segment ?? { href: usersPage(uid, parameters), text: t('user.users') };
  } catch {
    return { href: usersPage(uid), text: t('user.users') };
  }
}
