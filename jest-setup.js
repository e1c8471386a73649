// What @grafana/ui and react-dom expect of a browser and jsdom does not have.
import '@testing-library/jest-dom';
import { TextDecoder, TextEncoder } from 'util';

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}

// Node's own MessageChannel would keep jest alive for ever.
class MessageChannel {
  constructor() {
    this.port1 = { onmessage: null };
    this.port2 = { postMessage: (data) => setTimeout(() => this.port1.onmessage?.({ data })) };
  }
}

Object.assign(global, {
  TextDecoder,
  TextEncoder,
  MessageChannel,
  IntersectionObserver: Observer,
  ResizeObserver: Observer,
  matchMedia: (media) => ({
    matches: false,
    media,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }),
});
HTMLCanvasElement.prototype.getContext = () => null;
