import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';
import { createPortal } from 'react-dom';

import { stepTo, useKeys } from './useKeys';

/** A view that writes down the keys it takes, with a dialog of its own elsewhere. */
function View({ taken }: { taken: string[] }) {
  const act = (key: string) => () => void taken.push(key);
  const onKeyDown = useKeys({ '/': act('/'), Escape: act('Escape') }, { '/': act('nowhere /') });
  return (
    <div onKeyDown={onKeyDown}>
      <button>inside</button>
      <input aria-label="field" />
      <input type="checkbox" aria-label="box" />
      <button onKeyDown={(event) => event.preventDefault()}>acts itself</button>
      {createPortal(<button>dialog</button>, document.body)}
    </div>
  );
}

function pressIn(name: string | null, key: string, rest = {}): string[] {
  const taken: string[] = [];
  const { unmount } = render(<View taken={taken} />);
  const place = name === null ? document.body : (screen.queryByText(name) ?? screen.getByLabelText(name));
  fireEvent.keyDown(place, { key, ...rest });
  unmount();
  return taken;
}

it('takes keys in the view, and some where the focus is nowhere', () => {
  expect(pressIn('inside', '/')).toEqual(['/']);
  expect(pressIn('box', '/')).toEqual(['/']);
  expect(pressIn(null, '/')).toEqual(['nowhere /']);
  expect(pressIn(null, 'Escape')).toEqual([]);
});

it('leaves what is typed, acted on, of a dialog, and the browser’s', () => {
  expect(pressIn('field', '/')).toEqual([]);
  expect(pressIn('field', 'Escape')).toEqual(['Escape']);
  expect(pressIn('acts itself', 'Escape')).toEqual([]);
  expect(pressIn('dialog', 'Escape')).toEqual([]);
  expect(pressIn('inside', '/', { ctrlKey: true })).toEqual([]);
});

it('moves in a list and stays at its ends', () => {
  expect(['ArrowDown', 'ArrowUp', 'Home', 'End'].map((key) => stepTo(key, 1, 4))).toEqual([2, 0, 0, 3]);
  expect([stepTo('ArrowUp', 0, 4), stepTo('ArrowDown', 3, 4), stepTo('Enter', 0, 4)]).toEqual([0, 3, undefined]);
});
