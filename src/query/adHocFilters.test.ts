import { adHocFilters, adHocFilterText, dashboardFilters } from './adHocFilters';

it('takes all operators of Grafana', () => {
  expect(
    adHocFilters([
      { key: 'country', operator: '=', value: 'BR' },
      { key: 'page', operator: '=~', value: '/cart|/checkout' },
      { key: 'city', operator: '=|', value: 'Lisboa', values: ['Lisboa', 'Porto'] },
      { key: 'city', operator: '!=|', value: 'Faro' },
    ])
  ).toEqual([
    { attribute: 'country', operator: '=', values: ['BR'] },
    { attribute: 'page', operator: '=~', values: ['/cart|/checkout'] },
    { attribute: 'city', operator: '=|', values: ['Lisboa', 'Porto'] },
    { attribute: 'city', operator: '!=|', values: ['Faro'] },
  ]);
});

it('gives operators of one value one value, also where Grafana passes a list', () => {
  expect(adHocFilters([{ key: 'country', operator: '!=', value: 'BR', values: ['BR', 'DE'] }])).toEqual([
    { attribute: 'country', operator: '!=', values: ['BR'] },
  ]);
});

it('leaves out filters that are still being typed', () => {
  const whole = { key: 'country', operator: '=', value: 'BR' };
  const missing = Object.keys(whole).map((part) => ({ ...whole, [part]: '' }));
  expect(adHocFilters(missing)).toEqual([]);
});

it("asks an old Grafana for the dashboard's filters, and manages without", () => {
  const filters = [{ key: 'country', operator: '=', value: 'BR' }];
  const templates = {
    known: { Footfall: filters } as Record<string, typeof filters>,
    getAdhocFilters(name: string) {
      return this.known[name];
    },
  };
  expect(dashboardFilters(templates, 'Footfall')).toEqual(filters);
  expect(dashboardFilters(templates, 'Other')).toEqual([]);
  expect(dashboardFilters({}, 'Footfall')).toEqual([]);
});

it('writes a filter for people', () => {
  expect(adHocFilterText({ attribute: 'city', operator: '=|', values: ['Lisboa', 'Porto'] })).toBe(
    'city =| Lisboa, Porto'
  );
});
