import { type HealthDetails } from '../query/types.gen';

import { callGrafana } from './call';
import { messageOf } from './errors';

export interface Health {
  ok: boolean;
  /** What the backend says: versions and counts, or what is wrong and what to do. */
  message: string;
  /** What it found, as far as it came. */
  details: HealthDetails;
}

/** Tests a datasource, which may also fail: that is an answer, too. */
export async function testDatasource(uid: string): Promise<Health> {
  try {
    const { message, details = {} } = await callGrafana<Omit<Health, 'ok'>>(`/api/datasources/uid/${uid}/health`);
    return { ok: true, message, details };
  } catch (error) {
    const { details = {} } = (error as { data?: Partial<Health> } | undefined)?.data ?? {};
    return { ok: false, message: messageOf(error), details };
  }
}
