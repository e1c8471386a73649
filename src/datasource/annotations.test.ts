import { type AnnotationQuery } from '@grafana/data';

import { type FootfallQuery } from '../query/types';

import { annotationSupport } from './annotations';

const prepared = (target?: Partial<FootfallQuery>) =>
  annotationSupport.prepareQuery?.({ target } as AnnotationQuery<FootfallQuery>);

it('asks for frustrations until something is chosen', () => {
  const unchosen = { refId: 'Anno', queryType: 'annotations', options: {} };
  expect(prepared()).toEqual(unchosen);
  // What Grafana stores of an annotation that was another datasource's.
  expect(prepared({ refId: 'Anno', queryType: 'profiles', options: { search: 'ann' } })).toEqual(unchosen);
  expect(annotationSupport.getDefaultQuery?.()).toEqual({ queryType: 'annotations', options: {} });
});

it('asks what was chosen', () => {
  const target: FootfallQuery = { refId: 'X', queryType: 'annotations', options: { kind: 'events', filter: 'page:/' } };
  expect(prepared(target)).toEqual(target);
});
