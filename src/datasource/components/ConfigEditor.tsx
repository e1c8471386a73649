import React from 'react';

import { ConnectionSettings } from './config/ConnectionSettings';
import { PoolSettings } from './config/PoolSettings';
import { type EditorProps } from './config/settings';
import { StoreSettings } from './config/StoreSettings';
import { TraceSettings } from './config/TraceSettings';

export default function ConfigEditor(props: EditorProps) {
  return (
    <>
      <ConnectionSettings {...props} />
      <PoolSettings {...props} />
      <StoreSettings {...props} />
      <TraceSettings {...props} />
    </>
  );
}
