import { DEFAULT_STATE, fromParameters as usersFrom } from '../users/state';

import { fromParameters, TABS, toParameters } from './state';

it('comes back from an address as it was', () => {
  const users = usersFrom(new URLSearchParams('seg=a&q=last_country:BR&s=ann&sort=-sessions&page=3'));
  for (const tab of TABS) {
    const address = new URLSearchParams(toParameters({ tab, users })).toString();
    expect(fromParameters(new URLSearchParams(address))).toEqual({ tab, users });
  }
  expect(fromParameters(new URLSearchParams('tab=odd'))).toEqual({ tab: 'conditions', users: DEFAULT_STATE });
  expect(toParameters({ tab: 'conditions', users: DEFAULT_STATE })).toEqual([]);
});
