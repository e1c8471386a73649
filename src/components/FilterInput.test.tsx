import { render, screen } from '@testing-library/react';
import React, { createRef } from 'react';

import { FilterInput } from './FilterInput';

const shown = (value: string, wrongAt?: number) => {
  render(
    <FilterInput aria-label="Filter" value={value} wrongAt={wrongAt} onChange={() => {}} inputRef={createRef()} />
  );
  return Array.from(screen.getByTestId('coloured filter').children) as HTMLElement[];
};
const isWrong = (piece: HTMLElement) => getComputedStyle(piece).textDecoration.includes('wavy');
const colour = (piece: HTMLElement) => getComputedStyle(piece).color;

it('draws the text in colours over the field', () => {
  const [name, sign, value] = shown('country:BR');

  expect([name, sign, value].map((piece) => piece.textContent)).toEqual(['country', ':', 'BR']);
  expect(new Set([name, sign, value].map(colour)).size).toBe(3);
  expect(screen.getByLabelText('Filter')).toHaveValue('country:BR');
});

it('marks what is wrong where it is', () => {
  const pieces = shown('country:BR contry:DE', 12);

  expect(pieces.filter(isWrong).map((piece) => piece.textContent)).toEqual(['contry']);
});

it('marks the end where something is missing there', () => {
  const pieces = shown('country:', 9);

  expect(pieces.map(isWrong)).toEqual([false, false, true]);
});
