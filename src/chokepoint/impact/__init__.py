"""What operations achieved: figures that are never added unlike, and the map before and after."""
