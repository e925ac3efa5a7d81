"""The coverage audit (监管全覆盖核查): who is not answered for, what is supervised twice."""
