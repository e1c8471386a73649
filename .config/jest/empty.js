module.exports = function Empty() {
  return null;
};
