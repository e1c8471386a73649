import { type AnnotationSupport } from '@grafana/data';

import { type FootfallQuery } from '../query/types';

import { AnnotationEditor } from './components/AnnotationsEditor';

const NEW: Pick<FootfallQuery, 'queryType' | 'options'> = { queryType: 'annotations', options: {} };

/** Annotations ask queries of type annotations: frustrations unless another kind is chosen. */
export const annotationSupport: AnnotationSupport<FootfallQuery> = {
  getDefaultQuery: () => NEW as Partial<FootfallQuery>,
  prepareQuery: ({ target }) =>
    ({ refId: 'Anno', ...target, ...(target?.queryType !== 'annotations' && NEW) }) as FootfallQuery,
  QueryEditor: AnnotationEditor,
};
