import { type DataFrame, FieldType, textUtil } from '@grafana/data';

import { encodedAgain, timesDecoded, withExactLinks } from './links';

const link = { title: 'User', url: '/a/footfall-analytics-app/users/profile?user=${__value.raw:percentencode}' };

const frameOf = (links: Array<{ title: string; url: string }>): DataFrame => ({
  length: 1,
  fields: [
    { name: 'user_id', type: FieldType.string, config: { links }, values: ['a'] },
    { name: 'events', type: FieldType.number, config: {}, values: [1] },
  ],
});

/** The address that the frame's link gets for an id. */
function built(id: string): string {
  const [made] = withExactLinks(frameOf([link])).fields[0].config.links!;
  const replaceVariables = (text: string) => text.replace('${__value.raw:percentencode}', encodeURIComponent(id));
  return made.onBuildUrl!({ replaceVariables } as never);
}

it.each(['ann+x@example.org', 'a&b=c#d?e=f/g', '100%41', '%2B', 'ü \\ " \' <i>', '&#43;', 'javascript:alert(1)'])(
  'leads to %s after Grafana has made it safe',
  (id) => {
    const shown = textUtil.sanitizeUrl(built(id));
    expect(new URL(shown, 'http://grafana').searchParams.get('user')).toBe(id);
  }
);

it('knows how often a Grafana decodes', () => {
  expect(timesDecoded((url) => url)).toBe(0);
  expect(timesDecoded((url) => decodeURIComponent(url))).toBe(1);
  expect(timesDecoded((url) => decodeURIComponent(decodeURIComponent(url)))).toBe(2);
  expect(encodedAgain('/%2B', 2)).toBe('/%25252B');
});

it('leaves other links and frames alone', () => {
  const others = frameOf([{ title: 'Elsewhere', url: 'https://example.org/?q=%2B' }]);
  expect(withExactLinks(others)).toBe(others);
});
