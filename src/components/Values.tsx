import { type DataFrame } from '@grafana/data';
import React, { Fragment } from 'react';

import { Cell } from './Cell';
import { Missing } from './Missing';

import { fieldOf, valueOf } from '../api/frames';

interface Props {
  frame: DataFrame;
  names: string[];
  row?: number;
  separator?: string;
}

/** Those values of a row that there are, side by side; a dash where there is none. */
export function Values({ frame, names, row = 0, separator = ' · ' }: Props) {
  const there = names.filter((name) => valueOf(frame, name, row));
  if (there.length === 0) {
    return <Missing />;
  }
  return (
    <>
      {there.map((name, i) => (
        <Fragment key={name}>
          {i > 0 && separator}
          <Cell field={fieldOf(frame, name)!} row={row} />
        </Fragment>
      ))}
    </>
  );
}
