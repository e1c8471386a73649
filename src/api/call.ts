import { getBackendSrv } from '@grafana/runtime';
import { catchError, from, lastValueFrom, map, mergeMap, type Observable, throwError } from 'rxjs';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  data?: unknown;
  responseType?: 'blob';
}

/** Calls a resource of a datasource's backend. */
export const callResource = <T>(uid: string, path: string, call?: Call) =>
  lastValueFrom(observeResource<T>(uid, path, call));

/** The same; who unsubscribes cancels it, down to the database. */
export const observeResource = <T>(uid: string, path: string, call?: Call) =>
  observeGrafana<T>(`/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`, call);

/** One call of Grafana's API; what is wrong is shown by who calls, not by Grafana. */
export const callGrafana = <T>(url: string, call?: Call) => lastValueFrom(observeGrafana<T>(url, call));

function observeGrafana<T>(url: string, { method = 'GET', data, responseType }: Call = {}): Observable<T> {
  const answer = getBackendSrv().fetch<T>({
    ...{ url, method, data, responseType, showErrorAlert: false, showSuccessAlert: false },
  });
  return answer.pipe(
    map(({ data }) => data),
    catchError((error) => from(withWords(error)).pipe(mergeMap((worded) => throwError(() => worded))))
  );
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
