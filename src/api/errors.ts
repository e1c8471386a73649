import { t } from '../text';

interface Refusal {
  status?: number;
  data?: { message?: string; path?: string };
  message?: string;
  statusText?: string;
}

/** The text of a failed call: what the backend says of it where it says something. */
export function messageOf(error: unknown): string {
  const { data, message, statusText } = (error ?? {}) as Refusal;
  return data?.message || message || statusText || t('common.noAnswer');
}

/** Whether the backend has too much to do, so that the same question may be answered a moment later. */
export const isBusy = (error: unknown) => (error as Refusal | undefined)?.status === 429;

/** The place in a request that a refusal is about, such as where.all[1].did.event. */
export const pathOf = (error: unknown) => (error as Refusal | undefined)?.data?.path;

/** The status of a failed call. */
export const statusOf = (error: unknown) => (error as Refusal | undefined)?.status;
