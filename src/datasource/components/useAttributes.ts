import { useEffect, useState } from 'react';

import { STANDARD_ATTRIBUTES } from '../attributes';
import { type FootfallDatasource } from '../datasource';
import { type Attribute } from '../types';

/** The store's attributes; the standard ones until it has answered, and when it cannot. */
export function useAttributes(datasource: FootfallDatasource): Attribute[] {
  const [attributes, setAttributes] = useState(STANDARD_ATTRIBUTES);
  useEffect(() => {
    let current = true;
    datasource.getAttributes().then(
      (known) => current && setAttributes(known),
      () => current && setAttributes(STANDARD_ATTRIBUTES)
    );
    return () => {
      current = false;
    };
  }, [datasource]);
  return attributes;
}
