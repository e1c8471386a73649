import { t } from '../text';

interface Refusal {
  status?: number;
  cancelled?: boolean;
  data?: { message?: string; path?: string };
  message?: string;
  statusText?: string;
}

/** The text of a failed call: what the backend says of it where it says something. */
export function messageOf(error: unknown): string {
  const { data, message, statusText } = (error ?? {}) as Refusal;
  return data?.message || message || statusText || t('common.noAnswer');
}

/**
 * Whether the same question may be answered a moment later: the backend had too much to do, or Grafana took the request back,
 * as it does with all that are under way.
 */
export function isPassing(error: unknown) {
  const { status, cancelled } = (error ?? {}) as Refusal;
  return status === 429 || cancelled === true;
}

/** The place in a request that a refusal is about, such as where.all[1].did.event. */
export const pathOf = (error: unknown) => (error as Refusal | undefined)?.data?.path;

/** The status of a failed call. */
export const statusOf = (error: unknown) => (error as Refusal | undefined)?.status;
