import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { ofLevel, singleValued } from '../../query/attributes';
import { type Attribute, type Sort } from '../../query/types.gen';

import { attributeOptions } from './attributeOptions';
import { ListOption } from './options';
import { SortOption } from './SortOption';

const DEFAULT_SORT: Sort = { column: 'last_seen', descending: true };

interface Shown {
  columns?: string[];
  sort?: Sort;
}

interface Props {
  options: Shown;
  attributes: Attribute[];
  onChoose: (changed: Shown) => void;
}

/** What a list of users shows of them, and in which order. */
export function ColumnOptions({ options, attributes, onChoose }: Props) {
  const columns = attributeOptions(singleValued(ofLevel(attributes, 'profile')));
  return (
    <>
      <InlineFieldRow>
        <ListOption
          label="Columns"
          tooltip="In this order; none chosen shows all"
          placeholder="All"
          choices={columns}
          value={options.columns}
          onChange={(chosen) => onChoose({ columns: chosen })}
        />
      </InlineFieldRow>
      <SortOption value={options.sort ?? DEFAULT_SORT} columns={columns} onChange={(sort) => onChoose({ sort })} />
    </>
  );
}
