import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { Chart } from './Chart';
import { type Graph, type Link, type Node } from './graph';

/** A node or link that writes down its id when it is drawn, which reads what looking up ways does not. */
function watched<T extends { id: string }>(one: T, part: keyof T, drawn: string[]): T {
  const value = one[part];
  const get = () => {
    drawn.push(one.id);
    return value;
  };
  return Object.defineProperty(one, part, { get });
}

/** Two pages, from each of which all go to a page of its own. */
function graphOf(drawn: string[]): Graph {
  const node = (step: number, name: string): Node => {
    const id = `${step}:page:${name}`;
    return watched({ id, step, name, kind: 'page', count: 1, continues: 0, pages: 0, actions: 0 }, 'continues', drawn);
  };
  const link = (from: string, to: string): Link => {
    const [source, target] = [`1:page:${from}`, `2:page:${to}`];
    return watched({ id: `${from} -> ${to}`, source, target, step: 1, count: 1, time: 1 }, 'time', drawn);
  };
  return {
    nodes: [node(1, '/'), node(1, '/cart'), node(2, '/a'), node(2, '/b')],
    links: [link('/', '/a'), link('/cart', '/b')],
    ...{ counted: 2, withoutAnchor: 0, empty: 0 },
  };
}

function draw() {
  const drawn: string[] = [];
  const [onOpen, onHide] = [jest.fn(), jest.fn()];
  const props = { steps: 2, unit: 'session' as const, backward: false, chosen: '', onOpen, onHide };
  render(<Chart graph={graphOf(drawn)} {...props} />);
  const since = (act: () => void) => {
    drawn.length = 0;
    act();
    return [...new Set(drawn)].sort();
  };
  const named = (name: RegExp) => screen.getByRole('button', { name });
  const [start, cart, band] = [named(/^\/, Start: /), named(/^\/cart, Start: /), named(/^\/ to /)];
  return { onOpen, onHide, start, cart, band, since };
}

it('draws anew only what lights up or fades', () => {
  const { start, band, since } = draw();
  const [bars, bands] = [
    ['1:page:/cart', '2:page:/b'],
    ['/ -> /a', '/cart -> /b'],
  ];
  expect(since(() => fireEvent.mouseOver(start))).toEqual([...bars, ...bands].sort());
  const move = () => {
    fireEvent.mouseOut(start, { relatedTarget: band });
    fireEvent.mouseOver(band);
  };
  expect(since(move)).toEqual([]);
  expect(since(() => fireEvent.mouseOut(band))).toEqual([...bars, ...bands].sort());
});

it('opens what is clicked or entered, hides with Alt, and keeps one stop of the Tab key', () => {
  const { onOpen, onHide, start, cart, band } = draw();
  fireEvent.click(band, { clientX: 3, clientY: 4 });
  expect(onOpen).toHaveBeenLastCalledWith('/ -> /a', 3, 4);
  fireEvent.click(cart.firstElementChild!, { altKey: true });
  expect(onHide).toHaveBeenLastCalledWith(expect.objectContaining({ name: '/cart' }));
  expect([start.tabIndex, cart.tabIndex]).toEqual([0, -1]);
  fireEvent.focus(cart);
  expect([start.tabIndex, cart.tabIndex]).toEqual([-1, 0]);
  fireEvent.keyDown(cart, { key: 'Enter' });
  expect(onOpen).toHaveBeenLastCalledWith('1:page:/cart', 16, 16);
  expect(onOpen).toHaveBeenCalledTimes(2);
});
