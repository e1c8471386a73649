import { tracesIn } from './traces';

const at = Date.parse('2026-01-10T10:00:00Z');

/** What Explore is asked by the link of an event. */
function asked(type: string, attribute: string, attributes: object) {
  const href = tracesIn({ type, uid: 'traces' }, attribute)(JSON.stringify(attributes), at);
  const address = href === undefined ? undefined : new URL(href, 'http://grafana');
  return address && { path: address.pathname, ...JSON.parse(address.searchParams.get('panes')!).footfall };
}

const queryOf = (type: string, attribute: string, attributes: object) => asked(type, attribute, attributes)?.queries[0];

it('leads to Explore with the source of traces, around the time of the event', () => {
  expect(asked('jaeger', 'trace_id', { trace_id: '4bf92f35', price: 3 })).toEqual({
    path: '/explore',
    datasource: 'traces',
    queries: [{ refId: 'A', datasource: { type: 'jaeger', uid: 'traces' }, query: '4bf92f35' }],
    range: { from: String(Date.parse('2026-01-10T09:30:00Z')), to: String(Date.parse('2026-01-10T10:30:00Z')) },
  });
});

it.each([
  ['tempo', { queryType: 'traceql' }],
  ['grafana-x-ray-datasource', { queryType: 'getTrace' }],
  ['zipkin', {}],
])('asks %s as it wants to be asked', (type, more) => {
  const datasource = { type, uid: 'traces' };
  expect(queryOf(type, 'trace_id', { trace_id: 'a1' })).toEqual({ refId: 'A', datasource, query: 'a1', ...more });
});

it.each([
  ['trace.id', { 'trace.id': 'a1' }],
  ['trace.id', { trace: { id: 'a1' } }],
  ['otel.trace.id', { 'otel.trace': { id: 'a1' } }],
  ['trace_id', { trace_id: ' a1 ' }],
])('finds %s in %j', (attribute, attributes) => {
  expect(queryOf('jaeger', attribute, attributes).query).toBe('a1');
});

it.each([
  ['trace_id', {}],
  ['trace_id', { trace_id: '' }],
  ['trace_id', { trace_id: null }],
  ['trace_id', { trace_id: ['a1'] }],
  ['trace.id', { trace: 'a1' }],
  ['constructor', {}],
])('leads nowhere by %s in %j', (attribute, attributes) => {
  expect(asked('jaeger', attribute, attributes)).toBeUndefined();
});

it('leads nowhere from an event without attributes', () => {
  expect(tracesIn({ type: 'jaeger', uid: 'traces' }, 'trace_id')(undefined, at)).toBeUndefined();
});
