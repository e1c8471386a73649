import { drawn } from './drawn';

const text = JSON.stringify({
  views: [
    { at: 0, page: '/' },
    { at: 250, page: null },
    { at: 500, page: '/cart' },
  ],
  marks: [
    { at: 100, kind: 'action' },
    { at: 500, kind: 'rage_click' },
    { at: 1000, kind: 'error' },
  ],
});

it('draws each view until the next one, and the last to the end', () => {
  expect(drawn(text, 1000).blocks).toEqual([
    { page: '/', from: 0, to: 0.25 },
    { page: null, from: 0.25, to: 0.5 },
    { page: '/cart', from: 0.5, to: 1 },
  ]);
});

it('knows frustrations by their names', () => {
  expect(drawn(text, 1000).marks).toEqual([
    { at: 0.1, kind: 'action', name: 'action' },
    { at: 0.5, kind: 'frustration', name: 'rage click' },
    { at: 1, kind: 'error', name: 'error' },
  ]);
});

it('has room for a session of one moment, and for none', () => {
  expect(drawn('{"views":[{"at":0,"page":"/"}],"marks":[]}', 0).blocks).toEqual([{ page: '/', from: 0, to: 1 }]);
  expect(drawn(undefined, 5)).toEqual({ blocks: [], marks: [] });
});
