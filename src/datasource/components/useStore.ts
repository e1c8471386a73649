import { type PanelData } from '@grafana/data';

import { useAllSegments, useAttributes, useValues } from '../../api/datasource';
import { filterProblem } from '../../audience/problem';
import { type FootfallQuery } from '../../query/types';
import { STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';

import { type OptionsEditorProps } from './options';

type Known = Omit<OptionsEditorProps<object>, 'options' | 'onChange' | 'onRun'>;

/** What every editor is told: of the store, and of the query's last run. */
export function useStore(datasource: FootfallDatasource, query: FootfallQuery, data?: PanelData): Known {
  return {
    datasource: datasource.uid,
    attributes: useAttributes(datasource, STANDARD_ATTRIBUTES),
    segments: useAllSegments(datasource),
    loadValues: useValues(datasource),
    variables: datasource.getReferences(),
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
