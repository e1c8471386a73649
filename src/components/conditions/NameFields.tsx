import React from 'react';

import { type SegmentRow, type TableRow } from '../../conditions/tree';
import { t } from '../../text';
import { Choice } from '../Choice';

import { useBuilder } from './builder';

/** A segment or a reference table, by its name. */
export function NameFields({ row }: { row: SegmentRow | TableRow }) {
  const { edit, segments, tables } = useBuilder();
  const isSegment = row.kind === 'segment';
  return (
    <Choice
      label={t(isSegment ? 'builder.segment' : 'builder.table')}
      placeholder={t(isSegment ? 'builder.chooseSegment' : 'builder.chooseTable')}
      width={40}
      openMenuOnFocus
      options={
        isSegment
          ? segments.map(({ id, name }) => ({ value: id, label: name, description: id }))
          : tables.map((value) => ({ value, label: value }))
      }
      value={(isSegment ? row.segment : row.table) || null}
      onChange={(name) => edit({ do: 'change', row: isSegment ? { ...row, segment: name } : { ...row, table: name } })}
    />
  );
}
