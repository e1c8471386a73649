import { addressOf, importSdk, insert, migrate, storeOf, UNKNOWN, work } from './commands';

const STORE = storeOf({ url: 'db:5433', user: 'grafana', jsonData: { database: 'my shop', sslmode: 'verify-full' } });

it('speaks of the store itself, and of no password', () => {
  expect(migrate(STORE)).toBe(
    "footfall migrate --dsn 'postgres://footfall_owner@db:5433/my%20shop?sslmode=verify-full' --reader 'grafana'"
  );
  expect(work({ ...STORE, sslmode: 'disable' })).toBe(
    "footfall work --dsn 'postgres://footfall_owner@db:5433/my%20shop'"
  );
});

it('has names to fill in where nothing is known', () => {
  expect(storeOf({})).toEqual(UNKNOWN);
  expect(addressOf(UNKNOWN, 'ann')).toBe('postgres://ann@HOST:5432/DATABASE');
});

it('is quoted for a shell', () => {
  expect(migrate({ ...UNKNOWN, reader: "o'neil" })).toContain("--reader 'o'\\''neil'");
  expect(importSdk({ ...UNKNOWN, host: '$(id)' })).toContain("'postgres://footfall_writer@$(id)/DATABASE'");
  expect(insert(UNKNOWN)).toContain("<<'SQL'");
});
