/** Where users were named last in this browser's window, and how that was left: a user's page leads back to it. */
import { usersPage } from '../address';
import { t } from '../text';

const KEY = 'footfall.users.left';

export interface WayBack {
  href: string;
  text: string;
}

/** Keeps the page of a datasource on which users are named. */
export const leaveFrom = (uid: string, page: WayBack) => sessionStorage.setItem(KEY, JSON.stringify({ uid, ...page }));

/** Whoever comes from a dashboard has not come from a page that was open before. */
export const forgetWayBack = () => sessionStorage.removeItem(KEY);

/** Where one came from; the whole list where that is not known, or was another datasource's. */
export function wayBack(uid: string): WayBack {
  const whole = { href: usersPage(uid), text: t('user.users') };
  try {
    const left: Partial<WayBack & { uid: string }> | null = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return left?.uid === uid && left.href && left.text ? { href: left.href, text: left.text } : whole;
  } catch {
    return whole;
  }
}
