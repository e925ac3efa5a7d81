"""One post, two duties (党政同责、一岗双责): what leading posts owe for safety, and what they did."""
