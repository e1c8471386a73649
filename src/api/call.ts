import { locationUtil } from '@grafana/data';
import { config, getBackendSrv } from '@grafana/runtime';
import { catchError, from, lastValueFrom, map, mergeMap, type Observable, throwError } from 'rxjs';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  data?: unknown;
  responseType?: 'blob';
  /** Data is sent as JSON, unless it is a text that these say to be something else. */
  headers?: Record<string, string>;
}

/** Of a text that is a CSV. */
export const CSV = { 'Content-Type': 'text/csv' };

/** Calls a resource of a datasource's backend. */
export const callResource = <T>(uid: string, path: string, call?: Call) =>
  lastValueFrom(observeResource<T>(uid, path, call));

/** The same; who unsubscribes cancels it, down to the database. */
export const observeResource = <T>(uid: string, path: string, call?: Call) =>
  observeGrafana<T>(addressOf(uid, path), call);

const addressOf = (uid: string, path: string) => `/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`;

/**
 * Sends a CSV to a resource, and tells meanwhile how much of it is on its way, from 0 to 1: Grafana's own call would not.
 * It fails as `callResource` does.
 */
export function sendFile<T>(uid: string, path: string, text: string, onSent: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', locationUtil.assureBaseUrl(addressOf(uid, path)));
    request.responseType = 'json';
    request.setRequestHeader('Content-Type', CSV['Content-Type']);
    request.setRequestHeader('X-Grafana-Org-Id', String(config.bootData.user.orgId));
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onSent(1);
    request.onload = () => {
      const { status, statusText, response: data } = request;
      if (status >= 200 && status < 300) {
        resolve(data as T);
      } else {
        reject({ status, statusText, data });
      }
    };
    request.onerror = () => reject({ status: request.status });
    request.send(text);
  });
}

/** One call of Grafana's API; what is wrong is shown by who calls, not by Grafana. */
export const callGrafana = <T>(url: string, call?: Call) => lastValueFrom(observeGrafana<T>(url, call));

function observeGrafana<T>(url: string, { method = 'GET', data, responseType, headers }: Call = {}): Observable<T> {
  const answer = getBackendSrv().fetch<T>({
    ...{ url, method, data, responseType, headers, showErrorAlert: false, showSuccessAlert: false },
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
