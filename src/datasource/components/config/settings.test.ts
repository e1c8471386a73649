import { type Settings, withJsonData, withoutSecret, withSecret } from './settings';

const settings = { jsonData: { database: 'a' }, secureJsonFields: { password: true } } as unknown as Settings;

it('changes one setting and keeps the others', () => {
  expect(withJsonData(settings, { sslmode: 'disable' }).jsonData).toEqual({ database: 'a', sslmode: 'disable' });
});

it('replaces a stored secret', () => {
  const reset = withoutSecret(settings, 'password');
  expect(reset.secureJsonFields.password).toBe(false);
  expect(withSecret(reset, 'password', 'new').secureJsonData).toEqual({ password: 'new' });
});
