import { type PanelData } from '@grafana/data';
import { useCallback } from 'react';

import { type LoadValues } from '../../audience/completion';
import { filterProblem } from '../../audience/problem';
import { type FootfallQuery } from '../../query/types';
import { type FootfallDatasource } from '../datasource';

import { type OptionsEditorProps } from './options';
import { useAttributes } from './useAttributes';
import { useSegments } from './useSegments';

type Known = Pick<OptionsEditorProps<object>, 'attributes' | 'segments' | 'loadValues' | 'problem'>;

/** What every editor is told: of the store, and of the query's last run. */
export function useStore(datasource: FootfallDatasource, query: FootfallQuery, data?: PanelData): Known {
  const loadValues: LoadValues = useCallback((...asked) => datasource.getValues(...asked), [datasource]);
  return {
    attributes: useAttributes(datasource),
    segments: useSegments(datasource),
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
