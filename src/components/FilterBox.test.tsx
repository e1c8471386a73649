import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { type AttributeValue, STANDARD_ATTRIBUTES } from '../query/types.gen';

import { FilterBox } from './FilterBox';

const COUNTRIES: AttributeValue[] = [
  { value: 'AR', text: 'Argentina', count: 7 },
  { value: 'BR', text: 'Brazil', count: 1160 },
  { value: 'VA', text: 'Vatican City', count: null },
];

/** Renders a box before a button; `text()` is what was typed and taken. */
function setup(initial = '') {
  let text = initial;
  const onEnter = jest.fn();
  const onLeave = jest.fn();
  const loadValues = jest.fn(async () => COUNTRIES);
  function Box() {
    const [value, setValue] = useState(initial);
    const onType = (typed: string) => setValue((text = typed));
    return (
      <>
        <FilterBox
          label="Filter"
          attributes={STANDARD_ATTRIBUTES}
          {...{ loadValues, value, onType, onEnter, onLeave }}
        />
        <button>after</button>
      </>
    );
  }
  render(<Box />);
  return { text: () => text, onEnter, onLeave, loadValues };
}

const box = () => screen.getByRole('combobox', { name: 'Filter' });
const options = () => screen.queryAllByRole('option').map((option) => option.textContent);
/** The option that the box says is active, which is the one that is selected. */
function active() {
  const selected = screen.queryAllByRole('option', { selected: true });
  expect(selected.map(({ id }) => id)).toEqual([box().getAttribute('aria-activedescendant')].filter(Boolean));
  return selected[0]?.firstChild?.textContent;
}

it('offers names as they are typed, and says so', async () => {
  setup();
  expect(box()).toHaveAttribute('aria-expanded', 'false');

  await userEvent.type(box(), 'coun');

  expect(options()).toEqual(['countryCountry', 'first_countryFirst country', 'last_countryLast country']);
  expect(box()).toHaveAttribute('aria-expanded', 'true');
  expect(screen.getByRole('listbox').id).toBe(box().getAttribute('aria-controls'));
  expect(active()).toBeUndefined();
});

it('offers how long ago a time is, and asks the store nothing', async () => {
  const { text, loadValues } = setup();
  await userEvent.type(box(), 'last_seen:');
  expect(options()[1]).toBe('in the last 7 days>=now-7d');
  await userEvent.click(screen.getByRole('option', { name: /in the last 7 days/ }));
  expect(text()).toBe('last_seen:>=now-7d');
  expect(loadValues).not.toHaveBeenCalled();
});

it('is gone through by arrows, round and round', async () => {
  setup();
  await userEvent.type(box(), 'coun{ArrowDown}');
  expect(active()).toBe('country');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(active()).toBe('last_country');
  await userEvent.keyboard('{ArrowDown}');
  expect(active()).toBe('country');
  await userEvent.keyboard('{ArrowUp}');
  expect(active()).toBe('last_country');
});

it('begins at the end where the arrow goes up', async () => {
  setup();
  await userEvent.type(box(), 'coun{ArrowUp}');
  expect(active()).toBe('last_country');
});

it('takes a name by Enter, then offers its values in the order of the store', async () => {
  const { text, onEnter, loadValues } = setup('page:/cart ');

  await userEvent.type(box(), 'coun{ArrowDown}{Enter}');
  expect(text()).toBe('page:/cart country:');
  await screen.findByRole('option', { name: /Brazil/ });

  expect(loadValues).toHaveBeenCalledWith('country', '', expect.any(Number));
  expect(options()).toEqual(['Argentina (AR)7 sessions', 'Brazil (BR)1,160 sessions', 'Vatican City (VA)']);
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(text()).toBe('page:/cart country:BR');
  expect(options()).toEqual([]);
  expect(onEnter).not.toHaveBeenCalled();
  await userEvent.keyboard('{Enter}');
  expect(onEnter).toHaveBeenCalledTimes(1);
});

it('takes what is active by Tab, and is left by Tab where nothing is', async () => {
  const { text, onLeave } = setup();
  await userEvent.type(box(), 'last_coun{ArrowDown}{Tab}');
  expect(text()).toBe('last_country:');
  expect(box()).toHaveFocus();
  expect(onLeave).not.toHaveBeenCalled();

  await screen.findByRole('option', { name: /Brazil/ });
  await userEvent.keyboard('{Tab}');
  expect(text()).toBe('last_country:');
  expect(screen.getByText('after')).toHaveFocus();
  expect(options()).toEqual([]);
  expect(onLeave).toHaveBeenCalledTimes(1);
});

it('runs what was typed by Enter where nothing is active', async () => {
  const { text, onEnter } = setup();
  await userEvent.type(box(), 'coun{Enter}');
  expect(text()).toBe('coun');
  expect(onEnter).toHaveBeenCalledTimes(1);
  expect(options()).toEqual([]);
});

it('closes by Escape, which goes no further, and opens again by an arrow or by typing', async () => {
  const { text } = setup();
  await userEvent.type(box(), 'coun');
  const onKeyDown = jest.fn();
  document.addEventListener('keydown', onKeyDown);

  await userEvent.keyboard('{Escape}');
  expect(options()).toEqual([]);
  expect(text()).toBe('coun');
  expect(box()).toHaveFocus();

  expect(onKeyDown).not.toHaveBeenCalled();
  document.removeEventListener('keydown', onKeyDown);

  await userEvent.keyboard('{ArrowDown}');
  expect(options()).toHaveLength(3);
  await userEvent.keyboard('{Escape}t');
  expect(options()).toHaveLength(3);
});

it('replaces the word at the caret, not the text behind it', async () => {
  const { text } = setup('coun page:/cart');
  await userEvent.type(box(), `{Home}${'{ArrowRight}'.repeat(4)}{ArrowDown}{Enter}`);
  expect(text()).toBe('country: page:/cart');
});

it('follows the caret when keys move it', async () => {
  const { text } = setup('page:/cart coun');
  await userEvent.type(box(), '{Home}{ArrowRight}{ArrowRight}');
  expect(options()[0]).toBe('pagePage');

  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(text()).toBe('page:/cart coun');
});
