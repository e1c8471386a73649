import { getDataSourceSrv } from '@grafana/runtime';
import { useCallback } from 'react';

import { type LoadValues } from '../audience/completion';
import { type FootfallDatasource } from '../datasource/datasource';
import { type Attribute, type Segment } from '../query/types.gen';

import { useLoaded } from './useLoaded';

const EMPTY: never[] = [];

/** The attributes of a store, none until they are known. */
export function useAttributes(uid: string): Attribute[] {
  const load = useCallback(async () => (await footfall(uid)).getAttributes(), [uid]);
  return useLoaded(load, EMPTY);
}

/** The segments of a store, none until they are known, and none as long as no id is asked for. */
export function useSegments(uid: string, ids: string[]): Segment[] {
  const named = JSON.stringify(ids);
  const load = useCallback(async () => {
    const wanted: string[] = JSON.parse(named);
    return wanted.length > 0 ? (await footfall(uid)).getSegments(wanted) : EMPTY;
  }, [uid, named]);
  return useLoaded(load, EMPTY);
}

/** All segments of a store, none until they are known. */
export function useAllSegments(uid: string): Segment[] {
  const load = useCallback(async () => (await footfall(uid)).getSegments(), [uid]);
  return useLoaded(load, EMPTY);
}

/** What asks a store for the values of an attribute. */
export function useValues(uid: string): LoadValues {
  return useCallback(async (...asked) => (await footfall(uid)).getValues(...asked), [uid]);
}

const footfall = async (uid: string) => (await getDataSourceSrv().get(uid)) as unknown as FootfallDatasource;
