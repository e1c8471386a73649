import { type PanelData } from '@grafana/data';
import { useCallback } from 'react';

import { type LoadValues } from '../../audience/completion';
import { useLoaded } from '../../api/useLoaded';
import { filterProblem } from '../../audience/problem';
import { type FootfallQuery } from '../../query/types';
import { type Segment } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';

import { type OptionsEditorProps } from './options';
import { useAttributes } from './useAttributes';

type Known = Pick<OptionsEditorProps<object>, 'attributes' | 'segments' | 'loadValues' | 'problem'>;

const NO_SEGMENTS: Segment[] = [];

/** What every editor is told: of the store, and of the query's last run. */
export function useStore(datasource: FootfallDatasource, query: FootfallQuery, data?: PanelData): Known {
  const loadValues: LoadValues = useCallback((...asked) => datasource.getValues(...asked), [datasource]);
  const loadSegments = useCallback(() => datasource.getSegments(), [datasource]);
  return {
    attributes: useAttributes(datasource),
    // None until the store has answered, and when it cannot.
    segments: useLoaded(loadSegments, NO_SEGMENTS),
    loadValues,
    problem: problemOf(query, data),
  };
}

/** What the last run found wrong with the filter, undefined once it is another filter. */
function problemOf(query: FootfallQuery, data?: PanelData): string | undefined {
  const ofQuery = ({ refId }: { refId?: string }) => refId === query.refId;
  const asked = data?.request?.targets.find(ofQuery) as FootfallQuery | undefined;
  const error = data?.errors?.find(ofQuery) ?? data?.error;
  return asked && filterOf(asked) === filterOf(query) ? filterProblem(error?.message) : undefined;
}

const filterOf = ({ options }: FootfallQuery) => (options as { filter?: string } | undefined)?.filter;
