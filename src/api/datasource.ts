import { getDataSourceSrv } from '@grafana/runtime';
import { useCallback } from 'react';

import { type LoadValues } from '../audience/completion';
import { type FootfallDatasource } from '../datasource/datasource';
import { type Attribute, type Segment } from '../query/types.gen';

import { useLoaded } from './useLoaded';

const EMPTY: never[] = [];

/** A store, by its data source or the uid of that. */
type Source = FootfallDatasource | string;

/** The attributes of a store; others until they are known, and where they cannot be. */
export function useAttributes(source: Source, otherwise: Attribute[] = EMPTY): Attribute[] {
  const load = useCallback(async () => (await footfall(source)).getAttributes(), [source]);
  return useLoaded(load).value ?? otherwise;
}

/** The segments of a store, none until they are known, and none as long as no id is asked for. */
export function useSegments(uid: string, ids: string[]): Segment[] {
  const named = JSON.stringify(ids);
  const load = useCallback(async () => {
    const wanted: string[] = JSON.parse(named);
    return wanted.length > 0 ? (await footfall(uid)).getSegments(wanted) : EMPTY;
  }, [uid, named]);
  return useLoaded<Segment[]>(load).value ?? EMPTY;
}

/** All segments of a store, none until they are known, and none as long as nobody wants them. */
export function useAllSegments(source: Source, isWanted = true): Segment[] {
  const load = useCallback(async () => (isWanted ? (await footfall(source)).getSegments() : EMPTY), [source, isWanted]);
  return useLoaded<Segment[]>(load).value ?? EMPTY;
}

/** What asks a store for the values of an attribute. */
export function useValues(source: Source): LoadValues {
  return useCallback(async (...asked) => (await footfall(source)).getValues(...asked), [source]);
}

const footfall = async (source: Source) =>
  typeof source === 'string' ? ((await getDataSourceSrv().get(source)) as unknown as FootfallDatasource) : source;
