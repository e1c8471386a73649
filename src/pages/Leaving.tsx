import { locationUtil } from '@grafana/data';
import { useEffect } from 'react';

import { useAddress } from '../address';

import { leaveFrom } from './wayBack';

/** Remembers the page that the address names for the way back from its users. */
export function Leaving({ uid, text }: { uid: string; text: string }) {
  const { pathname, search } = useAddress();
  useEffect(
    () => leaveFrom(uid, { href: locationUtil.assureBaseUrl(`${pathname}${search}`), text }),
    [uid, pathname, search, text]
  );
  return null;
}
