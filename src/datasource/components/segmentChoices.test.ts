import { readSegment, segmentChoices, writeSegment } from './segmentChoices';

const definition = { where: { did: { event: 'page:/cart action:"Add to cart"' } } };

it('offers segments by name, and the definitions that are chosen', () => {
  const choices = segmentChoices({ attributes: [], segments: [{ id: 'carts', name: 'Cart dropouts' }] }, [
    'carts',
    '$segment',
    definition,
  ]);
  expect(choices).toEqual([
    { value: 'carts', label: 'Cart dropouts', description: 'carts' },
    { value: JSON.stringify(definition), label: 'did the action Add to cart where page:/cart' },
  ]);
});

it('reads what it writes', () => {
  for (const segment of ['carts', '$segment', '${segment}', definition]) {
    expect(readSegment(writeSegment(segment))).toEqual(segment);
  }
});

it('keeps what is neither id nor definition', () => {
  expect(readSegment(' {"where": ')).toBe('{"where":');
});
