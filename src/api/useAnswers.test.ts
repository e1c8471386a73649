import { type DataQueryRequest, toDataFrame } from '@grafana/data';
import { setDataSourceSrv } from '@grafana/runtime';
import { act, renderHook, waitFor } from '@testing-library/react';
import { Observable } from 'rxjs';

import { type Target } from './ask';
import { forgetAnswers, useAnswers } from './useAnswers';

const RANGE = { from: 'now-30d', to: 'now' };
const target = (refId: string, filter = ''): Target => ({ refId, queryType: 'profiles', options: { filter } });

interface Call {
  request: DataQueryRequest;
  cancelled: boolean;
  answer: (errors?: object[]) => Promise<void>;
}

/** Datasources that answer when the test says so, with a frame that names the datasource and the filter. */
function setup() {
  const calls: Call[] = [];
  const source = (uid: string) => ({
    getRef: () => ({ uid }),
    query: (request: DataQueryRequest) =>
      new Observable((subscriber) => {
        const frames = request.targets.map(({ refId, options }: any) =>
          toDataFrame({ refId, fields: [{ name: `${uid} ${options.filter}`, values: [1] }] })
        );
        let answered = false;
        const call: Call = {
          request,
          cancelled: false,
          answer: (errors) =>
            act(async () => {
              answered = true;
              subscriber.next({ data: errors ? [] : frames, errors });
              subscriber.complete();
            }),
        };
        calls.push(call);
        return () => {
          call.cancelled = !answered;
        };
      }),
  });
  setDataSourceSrv({ get: async (uid: string) => source(uid) } as never);
  forgetAnswers();
  const hook = renderHook(({ uid, targets }) => useAnswers(uid, targets, RANGE), {
    initialProps: { uid: 'a', targets: [target('rows'), target('total')] },
  });
  const name = (refId: string) => hook.result.current.of[refId]?.frames[0]?.fields[0].name;
  const asked = (n: number) => waitFor(() => expect(calls).toHaveLength(n));
  return { calls, name, asked, ...hook };
}

it('asks everything in one request, and afterwards only what is not known', async () => {
  const { calls, name, asked, rerender, result } = setup();
  await asked(1);
  expect(calls[0].request.targets.map(({ refId }) => refId)).toEqual(['rows', 'total']);
  expect(result.current.loading).toBe(true);
  await calls[0].answer();
  expect([name('rows'), name('total'), result.current.loading]).toEqual(['a ', 'a ', false]);

  rerender({ uid: 'a', targets: [target('rows', 'x'), target('total')] });
  await asked(2);
  expect(calls[1].request.targets.map(({ refId }) => refId)).toEqual(['rows']);
  expect([name('rows'), result.current.loading]).toEqual(['a ', true]);
  await calls[1].answer();
  expect([name('rows'), name('total')]).toEqual(['a x', 'a ']);

  rerender({ uid: 'a', targets: [target('rows'), target('total')] });
  await waitFor(() => expect(name('rows')).toBe('a '));
  expect(calls).toHaveLength(2);
});

it('cancels the question before', async () => {
  const { calls, name, asked, rerender } = setup();
  await asked(1);
  rerender({ uid: 'a', targets: [target('rows', 'x')] });
  await asked(2);
  expect(calls[0].cancelled).toBe(true);
  await calls[1].answer();
  expect(name('rows')).toBe('a x');
});

it('shows nothing of another datasource', async () => {
  const { calls, name, asked, rerender } = setup();
  await asked(1);
  await calls[0].answer();
  rerender({ uid: 'b', targets: [target('rows'), target('total')] });
  expect(name('rows')).toBeUndefined();
  await asked(2);
  await calls[1].answer();
  expect(name('rows')).toBe('b ');
});

it('asks again what Grafana takes back', async () => {
  const { calls, name, asked, result } = setup();
  await asked(1);
  await calls[0].answer([{ status: -1, message: 'Query error: -1 Request was aborted', cancelled: true }]);
  expect([result.current.of, result.current.loading]).toEqual([{}, true]);
  await asked(2);
  await calls[1].answer();
  expect([name('rows'), name('total'), result.current.loading]).toEqual(['a ', 'a ', false]);
});

it('waits where the backend is busy, and shows other errors', async () => {
  const { calls, name, asked, result, rerender } = setup();
  await asked(1);
  await calls[0].answer([{ refId: 'rows', status: 429, message: 'busy' }]);
  expect(result.current.loading).toBe(true);
  await asked(2);
  expect(calls[1].request.targets.map(({ refId }) => refId)).toEqual(['rows']);
  await calls[1].answer();
  expect(name('rows')).toBe('a ');

  rerender({ uid: 'a', targets: [target('rows', 'bad')] });
  await asked(3);
  await calls[2].answer([{ refId: 'rows', status: 400, message: 'at 1: no' }]);
  expect(result.current.of.rows?.error).toBe('at 1: no');
  expect(calls).toHaveLength(3);
  // What was shown stays beside the error, but not what another datasource answered.
  expect(name('rows')).toBe('a ');
  rerender({ uid: 'b', targets: [target('rows', 'bad')] });
  await asked(4);
  await calls[3].answer([{ refId: 'rows', status: 400, message: 'at 1: no' }]);
  expect([name('rows'), result.current.of.rows?.error]).toEqual([undefined, 'at 1: no']);
});
