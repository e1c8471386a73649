import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  data?: unknown;
  responseType?: 'blob';
}

/** Calls a resource of a datasource's backend. */
export const callResource = <T>(uid: string, path: string, call?: Call) =>
  callGrafana<T>(`/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`, call);

/** One call of Grafana's API; what is wrong is shown by who calls, not by Grafana. */
export async function callGrafana<T>(url: string, { method = 'GET', data, responseType }: Call = {}): Promise<T> {
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
