import { getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { useCallback } from 'react';
import { lastValueFrom } from 'rxjs';

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

/** What asks a store for the values of an attribute. */
export function useValues(uid: string): LoadValues {
  return useCallback(async (...asked) => (await footfall(uid)).getValues(...asked), [uid]);
}

const footfall = async (uid: string) => (await getDataSourceSrv().get(uid)) as unknown as FootfallDatasource;

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  data?: unknown;
  responseType?: 'blob';
}

/** Calls a resource of a datasource's backend; what is wrong is shown by the view, not by Grafana. */
export async function callResource<T>(uid: string, path: string, { method = 'GET', data, responseType }: Call = {}) {
  const url = `/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`;
  const answer = getBackendSrv().fetch<T>({
    ...{ url, method, data, responseType, showErrorAlert: false, showSuccessAlert: false },
  });
  try {
    return (await lastValueFrom(answer)).data;
  } catch (error) {
    throw await withWords(error);
  }
}

/** A refusal whose body, where a file was asked for, is one too: with what it says. */
async function withWords(error: unknown): Promise<unknown> {
  const { data } = error as { data?: unknown };
  if (!(data instanceof Blob)) {
    return error;
  }
  const text = await data.text();
  try {
    return { ...(error as object), data: JSON.parse(text) };
  } catch {
    return { ...(error as object), data: { message: text } };
  }
}
