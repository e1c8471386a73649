-- segments

