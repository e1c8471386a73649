import { leaveSegment, leaveUsers, wayBack } from './lastUsers';

const LIST = '/a/footfall-analytics-app/users';

afterEach(() => sessionStorage.clear());

it('leads to the list as it was left, and to all of another datasource', () => {
  expect(wayBack('a').href).toBe(`${LIST}?ds=a`);
  leaveUsers('a', [
    ['q', 'last_country:BR'],
    ['sort', '-sessions'],
  ]);
  expect(wayBack('a').href).toBe(`${LIST}?ds=a&q=last_country%3ABR&sort=-sessions`);
  expect(wayBack('b').href).toBe(`${LIST}?ds=b`);
});

it('does without where something else was stored', () => {
  sessionStorage.setItem('footfall.users.left', '{"uid"');
  expect(wayBack('a').href).toBe(`${LIST}?ds=a`);
});

it('leads to the segment on whose page a user was named', () => {
  const segment = { href: '/a/footfall-analytics-app/segments/-', text: 'New segment' };
  leaveSegment('a', segment);
  expect(wayBack('a')).toEqual(segment);
  expect(wayBack('b')).toEqual({ href: `${LIST}?ds=b`, text: 'Users' });
  leaveUsers('a', []);
  expect(wayBack('a').text).toBe('Users');
});
