import { forgetWayBack, leaveFrom, wayBack } from './wayBack';

const LIST = '/a/footfall-analytics-app/users';
const page = { href: `${LIST}?q=last_country%3ABR&sort=-sessions`, text: 'Users' };

afterEach(() => sessionStorage.clear());

it('leads to the page as it was left, and to all users of another datasource', () => {
  expect(wayBack('a')).toEqual({ href: `${LIST}?ds=a`, text: 'Users' });
  leaveFrom('a', page);
  expect(wayBack('a')).toEqual(page);
  expect(wayBack('b').href).toBe(`${LIST}?ds=b`);
});

it('leads to where users were named last, until the app is left', () => {
  const segment = { href: '/a/footfall-analytics-app/segments/-', text: 'New segment' };
  leaveFrom('a', page);
  leaveFrom('a', segment);
  expect(wayBack('a')).toEqual(segment);
  forgetWayBack();
  expect(wayBack('a').href).toBe(`${LIST}?ds=a`);
});

it.each(['{"uid"', '{"uid":"a"}', '{"uid":"a","parameters":[["q","x"]]}'])(
  'does without where %s was stored',
  (text) => {
    sessionStorage.setItem('footfall.users.left', text);
    expect(wayBack('a').href).toBe(`${LIST}?ds=a`);
  }
);
