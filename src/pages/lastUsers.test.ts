import { backToUsers, leaveUsers } from './lastUsers';

const LIST = '/a/footfall-analytics-app/users';

afterEach(() => sessionStorage.clear());

it('leads to the list as it was left, and to all of another datasource', () => {
  expect(backToUsers('a')).toBe(`${LIST}?ds=a`);
  leaveUsers('a', [
    ['q', 'last_country:BR'],
    ['sort', '-sessions'],
  ]);
  expect(backToUsers('a')).toBe(`${LIST}?ds=a&q=last_country%3ABR&sort=-sessions`);
  expect(backToUsers('b')).toBe(`${LIST}?ds=b`);
});

it('does without where something else was stored', () => {
  sessionStorage.setItem('footfall.users.left', '{"uid"');
  expect(backToUsers('a')).toBe(`${LIST}?ds=a`);
});
