import * as users from '../users/state';

/** The parts of one segment's page. */
export const TABS = ['conditions', 'users', 'size', 'history', 'use'] as const;

export type SegmentTab = (typeof TABS)[number];

/** All of one segment's page that a link carries. */
export interface SegmentState {
  tab: SegmentTab;
  users: users.UsersState;
}

/** The state as parameters of an address; what is as usual is left out. */
export const toParameters = ({ tab, users: list }: SegmentState): string[][] => [
  ...(tab === TABS[0] ? [] : [['tab', tab]]),
  ...users.toParameters(list),
];

/** The state of an address; what it lacks or says wrongly is as usual. */
export const fromParameters = (parameters: URLSearchParams): SegmentState => ({
  tab: TABS.find((tab) => tab === parameters.get('tab')) ?? TABS[0],
  users: users.fromParameters(parameters),
});
